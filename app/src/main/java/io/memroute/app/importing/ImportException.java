package io.memroute.app.importing;

/** Says why a file cannot be imported at all: it is not what the other proxy would take. */
final class ImportException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The line, or 0 if none is meant. */
    private final int line;

    ImportException(int line, String message) {
        super(message);
        this.line = line;
    }

    /** {@code FILE:LINE: what is wrong}. */
    String at(String file) {
        return file + (line > 0 ? ":" + line : "") + ": " + getMessage();
    }
}
