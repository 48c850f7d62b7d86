package io.memroute.store;

/**
 * Numbers in values, as the C library's {@code strtoull} finds them for memcached: white space before, a sign, digits,
 * and then white space, a zero byte or the end.
 */
final class StoredNumber {
    private static final long MAX_TENTH = Long.divideUnsigned(-1L, 10);

    private StoredNumber() {}

    static boolean isNumber(byte[] value) {
        int i = afterSign(value);
        int first = i;
        long sum = 0;
        for (; i < value.length && isDigit(value[i]); i++) {
            int digit = value[i] - '0';
            if (Long.compareUnsigned(sum, MAX_TENTH) > 0) {
                return false;
            }
            sum *= 10;
            if (Long.compareUnsigned(sum + digit, sum) < 0) {
                return false;
            }
            sum += digit;
        }
        boolean negative = first > 0 && first <= value.length && value[first - 1] == '-';
        // A negative number is taken only if it comes out small: -0, or one so low that it wraps around.
        return i > first && (i == value.length || isSpace(value[i]) || value[i] == 0) && !(negative && -sum < 0);
    }

    /** The number in a value for which {@link #isNumber} holds. */
    static long parse(byte[] value) {
        int first = afterSign(value);
        long sum = 0;
        for (int i = first; i < value.length && isDigit(value[i]); i++) {
            sum = sum * 10 + (value[i] - '0');
        }
        return first > 0 && value[first - 1] == '-' ? -sum : sum;
    }

    private static int afterSign(byte[] value) {
        int i = 0;
        while (i < value.length && isSpace(value[i])) {
            i++;
        }
        return i < value.length && (value[i] == '+' || value[i] == '-') ? i + 1 : i;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }
}
