package io.memroute.proxy.discovery.source;

import io.memroute.proxy.discovery.SourceException;
import io.memroute.proxy.text.JsonValues;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON objects that follow each other in a stream, as maps, lists, texts, numbers and flags. */
final class JsonReader implements AutoCloseable {

    /** Several times the size of a page of 500 slices of 100 endpoints each. */
    private static final long MAX_DOCUMENT_BYTES = 256L << 20;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxDocumentLength(MAX_DOCUMENT_BYTES)
                    .build())
            .build();

    private final JsonParser parser;

    JsonReader(InputStream in) {
        parser = FACTORY.createParser(ObjectReadContext.empty(), in);
    }

    /**
     * Returns the next object, unless the stream has ended. Blocks until it is there.
     *
     * @throws SourceException if there is something else, or the stream fails
     */
    @Nullable
    Map<?, ?> next() throws SourceException {
        try {
            if (parser.nextToken() == null) {
                return null;
            }
            if (JsonValues.current(parser) instanceof Map<?, ?> object) {
                return object;
            }
            throw new SourceException("the answer is JSON, but not an object");
        } catch (JacksonException e) {
            throw new SourceException("the answer is incomplete, or not JSON", e);
        }
    }

    @Override
    public void close() {
        parser.close();
    }
}
