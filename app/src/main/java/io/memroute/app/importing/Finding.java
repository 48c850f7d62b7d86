package io.memroute.app.importing;

/**
 * The fate of one setting.
 *
 * @param line where the source has it
 * @param setting the setting as it stands there, with its value
 * @param outcome what stands for it, or how that differs
 */
record Finding(Fidelity fidelity, int line, String setting, String outcome) {

    /** The degree to which a setting is kept. */
    enum Fidelity {
        EXACT("exact"),
        NEARLY("nearly"),
        MISSING("missing");

        private final String word;

        Fidelity(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
