package io.memroute.app.console;

import io.memroute.testkit.ChildProcess;
import io.memroute.testkit.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real browser without a screen. Both programs are those of the system, so that nothing is downloaded; a browser that
 * finds no screen and no sandbox, as in a container, must be told so.
 */
final class Browser implements AutoCloseable {

    /** A page of the console in a browser that is new, on a machine with other work. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ChromeDriver driver;

    Browser() {
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(
                        ChildProcess.require("chromedriver", "chromium-driver").toFile())
                .usingAnyFreePort()
                .withSilent(true)
                .build();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(ChildProcess.require("chromium", "chromium").toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--force-prefers-reduced-motion");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(LIMIT).scriptTimeout(LIMIT);
    }

    /** @param theme what the system of the reader prefers: {@code light} or {@code dark} */
    Browser as(int width, int height, String theme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
        return this;
    }

    Browser open(URI page) {
        driver.get("about:blank");
        // Of the page before, whose server may have ended.
        problems();
        driver.get(page.toString());
        return this;
    }

    /** Goes to a view by its link. */
    Browser view(String title) {
        click("//nav//a[starts-with(normalize-space(), '" + title + "')]");
        return awaitText("h1", title::equals, title);
    }

    /** @param path an XPath */
    Browser click(String path) {
        Deadline.await("a click on " + path, LIMIT, () -> {
            List<WebElement> found = driver.findElements(By.xpath(path));
            if (found.isEmpty()) {
                return false;
            }
            try {
                found.getFirst().click();
                return true;
            } catch (StaleElementReferenceException | ElementNotInteractableException e) {
                // Drawn anew meanwhile.
                return false;
            }
        });
        return this;
    }

    Browser type(String selector, CharSequence... keys) {
        driver.findElement(By.cssSelector(selector)).sendKeys(keys);
        return this;
    }

    /** Presses keys, wherever the focus is. */
    Browser press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
        return this;
    }

    Browser clear(String selector) {
        return type(selector, Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
    }

    /** The text of the first element as it is seen; empty if there is none. */
    String text(String selector) {
        Object text = js("return document.querySelector(arguments[0])?.innerText ?? ''", selector);
        return String.valueOf(text);
    }

    Browser awaitText(String selector, Predicate<String> wanted, String what) {
        String[] last = new String[1];
        Deadline.await(
                what + " in " + selector,
                LIMIT,
                () -> wanted.test(last[0] = text(selector)),
                () -> last[0] + "\n" + problems());
        return this;
    }

    Browser awaitText(String selector, String... parts) {
        return awaitText(
                selector,
                text -> List.of(parts).stream().allMatch(text::contains),
                List.of(parts).toString());
    }

    /** Waits until the element that has the focus is of such a class: the browser moves it after the key. */
    Browser awaitFocus(Predicate<String> wanted, String what) {
        Deadline.await(
                "the focus on " + what,
                LIMIT,
                () -> wanted.test((String) js("return document.activeElement.className")),
                () -> "it is on " + js("return document.activeElement.outerHTML.slice(0, 200)"));
        return this;
    }

    /** Sends requests until one of the elements shows a rate. */
    Browser awaitRates(String selector, Runnable requests) {
        Deadline.await("a rate in " + selector, LIMIT, () -> {
            requests.run();
            return Boolean.TRUE.equals(js(
                    "return [...document.querySelectorAll(arguments[0])].some(e => /[1-9].*\\/s/.test(e.textContent))",
                    selector));
        });
        return this;
    }

    Object js(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** What the browser has complained of since it was asked last: errors of scripts, of the policy, of requests. */
    List<String> problems() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::toString)
                .toList();
    }

    byte[] screenshot() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
