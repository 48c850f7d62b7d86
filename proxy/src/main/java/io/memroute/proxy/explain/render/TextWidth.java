package io.memroute.proxy.explain.render;

/** Widths of text in Helvetica, and in Arial and Liberation Sans, which are made to the same measure. */
final class TextWidth {

    /** Widths in thousandths of the font size, from the space to the tilde, as the font's metrics have them. */
    private static final int[] ASCII = {
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to slash
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to question mark
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to underscore
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // grave accent to o
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to tilde
    };

    /** The width of all other characters: those of Chinese and Japanese are as wide as they are high. */
    private static final int OTHER = 1000;

    private TextWidth() {}

    /** @param fontSize in the unit that the width is wanted in */
    static double of(String text, double fontSize) {
        return text.codePoints().map(TextWidth::thousandths).sum() * fontSize / 1000;
    }

    private static int thousandths(int character) {
        int index = character - ' ';
        return index >= 0 && index < ASCII.length ? ASCII[index] : OTHER;
    }
}
