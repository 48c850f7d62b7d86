package io.memroute.proxy.discovery;

import java.time.Duration;

/** Says how long ago something was, in the largest unit that is not zero. */
final class Ages {

    private Ages() {}

    static String text(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + " d";
        }
        if (age.toHours() > 0) {
            return age.toHours() + " h";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
    }
}
