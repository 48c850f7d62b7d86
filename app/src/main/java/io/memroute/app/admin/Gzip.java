package io.memroute.app.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** The compression of answers, for clients that ask for it. */
final class Gzip {

    /** An element of {@code Accept-Encoding} that asks for it; {@code q=0} forbids it. */
    private static final Pattern ACCEPTED = Pattern.compile(
            "\\s*(?:gzip|x-gzip|\\*)\\s*(?:;\\s*q\\s*=\\s*(?!0(?:\\.0*)?\\s*$).*)?", Pattern.CASE_INSENSITIVE);

    private Gzip() {}

    static boolean isAccepted(String acceptEncoding) {
        return Arrays.stream(acceptEncoding.split(","))
                .anyMatch(element -> ACCEPTED.matcher(element).matches());
    }

    static AdminResponse compress(AdminResponse response) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(response.body().length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        headers.put("Content-Encoding", "gzip");
        return new AdminResponse(response.status(), response.contentType(), bytes.toByteArray(), headers);
    }
}
