package io.memroute.lua.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * A moment as its calendar fields in some time zone, the {@code struct tm} of C (C99 section 7.23.1), with
 * {@code localtime} and {@code mktime} in both directions.
 *
 * @param year the year, proleptic Gregorian, any int plus 1900
 * @param month 1 to 12
 * @param day 1 to 31
 * @param second 0 to 59
 * @param weekday 0 (Sunday) to 6
 * @param yearDay 0 to 365
 * @param daylight daylight saving time is in force
 * @param offsetSeconds what local time is ahead of UTC
 * @param zoneName the short name of the zone at that moment
 */
public record CalendarTime(
        long year,
        int month,
        int day,
        int hour,
        int minute,
        int second,
        int weekday,
        int yearDay,
        boolean daylight,
        int offsetSeconds,
        String zoneName) {
    private static final int SECONDS_PER_DAY = 86_400;
    private static final long DAYS_PER_ERA = 146_097;

    /** Days from 0000-03-01, where an era of 400 years begins, to 1970-01-01. */
    private static final long EPOCH_DAY_OF_ERA_ZERO = 719_468;

    /** The seconds that daylight saving time adds in a zone that never had it (glibc's assumption). */
    private static final int USUAL_SAVING = 3600;

    /** C keeps the year as an int counted from 1900. */
    private static final long YEAR_BASE = 1900;

    /** The zone of {@code gmtime}. */
    public static final ZoneId UTC = ZoneOffset.UTC;

    /** The fields of the moment {@code epochSeconds}; none if its year is beyond what C can hold. */
    public static @Nullable CalendarTime at(long epochSeconds, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        Instant instant = instant(epochSeconds);
        int offset = rules.getOffset(instant).getTotalSeconds();
        boolean daylight = rules.isDaylightSavings(instant);
        if (epochSeconds > Long.MAX_VALUE - SECONDS_PER_DAY || epochSeconds < Long.MIN_VALUE + SECONDS_PER_DAY) {
            return null;
        }
        long local = epochSeconds + offset;
        long days = Math.floorDiv(local, SECONDS_PER_DAY);
        int secondOfDay = Math.floorMod(local, SECONDS_PER_DAY);
        long shifted = days + EPOCH_DAY_OF_ERA_ZERO;
        long era = Math.floorDiv(shifted, DAYS_PER_ERA);
        int dayOfEra = (int) Math.floorMod(shifted, DAYS_PER_ERA);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayFromMarch + 2) / 153;
        int day = dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        if (year - YEAR_BASE != (int) (year - YEAR_BASE)) {
            return null;
        }
        int weekday = (int) Math.floorMod(days + 4, 7L);
        int yearDay = (int) (days - daysFromEpoch(year, 1, 1));
        return new CalendarTime(
                year,
                month,
                day,
                secondOfDay / 3600,
                secondOfDay / 60 % 60,
                secondOfDay % 60,
                weekday,
                yearDay,
                daylight,
                offset,
                nameOf(zone, daylight));
    }

    /**
     * The moment of fields that need not be in their ranges: the 32nd of January is the first of February. A local time
     * that exists twice is settled by {@code daylight}, and without it by the offset in force after the change; one
     * that does not exist is counted with the offset in force before it.
     *
     * @param daylight positive: the fields are in daylight saving time; 0: in standard time; negative: find out
     */
    public static long toEpochSeconds(
            long year, long month, long day, long hour, long minute, long second, int daylight, ZoneId zone) {
        long months = month - 1;
        long days = daysFromEpoch(year + Math.floorDiv(months, 12L), (int) Math.floorMod(months, 12L) + 1, 1) + day - 1;
        long local = days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
        ZoneRules rules = zone.getRules();
        int offset = offsetAt(local, rules);
        if (daylight >= 0 && rules.isDaylightSavings(instant(local - offset)) != daylight > 0) {
            int assumed = daylight > 0 ? offset + USUAL_SAVING : offset - USUAL_SAVING;
            offset = nearestOffset(rules, instant(local - offset), daylight > 0, assumed);
        }
        return local - offset;
    }

    /** The offset in force at a local time: the later of two that fit, the earlier if none does. */
    private static int offsetAt(long local, ZoneRules rules) {
        int earlier = rules.getOffset(instant(local - SECONDS_PER_DAY)).getTotalSeconds();
        int later = rules.getOffset(instant(local + SECONDS_PER_DAY)).getTotalSeconds();
        boolean laterFits = rules.getOffset(instant(local - later)).getTotalSeconds() == later;
        return laterFits ? later : earlier;
    }

    /** Days from 1970-01-01 to a date, by Hinnant's algorithm over eras of 400 years that begin in March. */
    private static long daysFromEpoch(long year, int month, int day) {
        long y = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(y, 400L);
        long yearOfEra = y - era * 400;
        int dayFromMarch = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayFromMarch;
        return era * DAYS_PER_ERA + dayOfEra - EPOCH_DAY_OF_ERA_ZERO;
    }

    /**
     * The offset of the nearest period that has, or has not, daylight saving time; {@code otherwise} if there is none.
     */
    private static int nearestOffset(ZoneRules rules, Instant around, boolean daylight, int otherwise) {
        ZoneOffsetTransition before = rules.previousTransition(around);
        if (before != null && rules.isDaylightSavings(before.getInstant().minusSeconds(1)) == daylight) {
            return before.getOffsetBefore().getTotalSeconds();
        }
        ZoneOffsetTransition after = rules.nextTransition(around);
        if (after != null && rules.isDaylightSavings(after.getInstant()) == daylight) {
            return after.getOffsetAfter().getTotalSeconds();
        }
        return otherwise;
    }

    private static Instant instant(long epochSeconds) {
        return Instant.ofEpochSecond(
                Math.clamp(epochSeconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()));
    }

    private static String nameOf(ZoneId zone, boolean daylight) {
        if (zone.equals(UTC)) {
            return "GMT";
        }
        return TimeZone.getTimeZone(zone).getDisplayName(daylight, TimeZone.SHORT, Locale.ENGLISH);
    }
}
