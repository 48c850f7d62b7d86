package io.memroute.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.memroute.app.ProgramUnderTest;
import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Makes the pictures of the documents, of {@code memroute demo} as it runs: {@code ./test ConsoleScreenshots}. */
class ConsoleScreenshots {

    private static final Path IMAGES = Path.of("..", "docs", "images");

    /** What a picture shows of the past, in seconds. */
    private static final int HISTORY = 100;

    private static final int COLOURS = 256;

    @Test
    void picturesOfTheDemo() throws IOException {
        Files.createDirectories(IMAGES);
        try (ChildProcess demo = ProgramUnderTest.start(List.of("demo", "--port", "0"));
                Browser browser = new Browser()) {
            demo.awaitOutput("Ctrl-C ends it.\n");
            Matcher address = Pattern.compile("http://\\S+").matcher(demo.output());
            assertThat(address.find()).isTrue();
            browser.as(1280, 832, "light").open(URI.create(address.group())).awaitText("#link", "live");
            Deadline.await("some past", Duration.ofSeconds(3 * HISTORY), () -> {
                Object seconds =
                        browser.js("return fetch('/api/history').then(r => r.json()).then(h => h.time.length)");
                return ((Number) seconds).intValue() >= HISTORY;
            });
            browser.open(URI.create(address.group())).awaitText(".tiles", text -> text.contains("3 of 3"), "numbers");
            save(browser, "console-overview");
            browser.view("Pools and servers").awaitText("section:nth-of-type(2)", "up");
            browser.as(1280, 520, "light");
            save(browser, "console-servers");
            browser.view("Routes").awaitText(".drawing", "sessions");
            browser.awaitRates(".flow", () -> {});
            save(browser, "console-routes");
            browser.as(1280, 760, "light").view("Where does a key go?");
            browser.type(".command", "get session/1042", Keys.ENTER).awaitText(".answer", "all up, key in all");
            save(browser, "console-where");
            browser.as(400, 800, "dark").view("Overview");
            browser.awaitText(".tiles", text -> text.contains("3 of 3"), "numbers");
            save(browser, "console-narrow");
        }
    }

    private static void save(Browser browser, String name) throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(browser.screenshot()));
        assertThat(ImageIO.write(
                        withFewColours(picture),
                        "png",
                        IMAGES.resolve(name + ".png").toFile()))
                .isTrue();
    }

    /** With a byte for each pixel: the colours that are there most often, and for all others the nearest of them. */
    private static BufferedImage withFewColours(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int pixel : pixels) {
            counts.merge(pixel, 1, Integer::sum);
        }
        List<Integer> colours = counts.keySet().stream()
                .sorted(Comparator.comparing(counts::get).reversed())
                .limit(COLOURS)
                .toList();
        byte[][] parts = new byte[3][colours.size()];
        Map<Integer, Integer> indexes = new HashMap<>();
        for (int i = 0; i < colours.size(); i++) {
            for (int part = 0; part < 3; part++) {
                parts[part][i] = (byte) (colours.get(i) >> 16 - 8 * part);
            }
            indexes.put(colours.get(i), i);
        }
        BufferedImage few = new BufferedImage(
                width,
                height,
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, colours.size(), parts[0], parts[1], parts[2]));
        for (int i = 0; i < pixels.length; i++) {
            few.getRaster()
                    .setSample(
                            i % width, i / width, 0, indexes.computeIfAbsent(pixels[i], rgb -> nearest(colours, rgb)));
        }
        return few;
    }

    private static int nearest(List<Integer> colours, int rgb) {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < colours.size(); i++) {
            int distance = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                int difference = (rgb >> shift & 0xff) - (colours.get(i) >> shift & 0xff);
                distance += difference * difference;
            }
            if (distance < least) {
                least = distance;
                best = i;
            }
        }
        return best;
    }
}
