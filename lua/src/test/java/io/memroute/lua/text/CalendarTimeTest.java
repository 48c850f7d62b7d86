package io.memroute.lua.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts and times were taken from C's {@code strftime} and {@code mktime}. */
class CalendarTimeTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "0~Thu Jan  1 00:00:00 1970|1970-W01-4|00|00|001|12 AM|+0000",
                "951827696~Tue Feb 29 12:34:56 2000|2000-W09-2|09|09|060|12 PM|+0000",
                "1704067199~Sun Dec 31 23:59:59 2023|2023-W52-7|53|52|365|11 PM|+0000",
                "1230768000~Thu Jan  1 00:00:00 2009|2009-W01-4|00|00|001|12 AM|+0000",
                "-3153600000~Tue Jan 25 00:00:00 1870|1870-W04-2|04|04|025|12 AM|+0000",
                "4102444800~Fri Jan  1 00:00:00 2100|2099-W53-5|00|00|001|12 AM|+0000",
            })
    void writesMomentsInUtc(long moment, String expected) {
        assertThat(format("%c|%G-W%V-%u|%U|%W|%j|%I %p|%z", CalendarTime.at(moment, CalendarTime.UTC)))
                .isEqualTo(expected);
    }

    @Test
    void writesEveryConversion() {
        CalendarTime time = CalendarTime.at(1_000_000_000, CalendarTime.UTC);
        assertThat(format("%a %A %b %B %C %d %D %e %F %g %h %H %I %j %m %M %p %r", time))
                .isEqualTo(
                        "Sun Sunday Sep September 20 09 09/09/01  9 2001-09-09 01 Sep 01 01 252 09 46 AM 01:46:40 AM");
        assertThat(format("%R %S %T %u %U %V %w %W %x %X %y %Y %z %Z %%", time))
                .isEqualTo("01:46 40 01:46:40 7 36 36 0 36 09/09/01 01:46:40 01 2001 +0000 GMT %");
        assertThat(format("%Ec %EY %Od %OH", time)).isEqualTo("Sun Sep  9 01:46:40 2001 2001 09 01");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {"%~%", "%Q~%Q", "%Ea rest~%Ea rest", "%9~%9", "a%O~%O", "%s~%s"})
    void refusesUnknownConversions(String format, String shown) {
        CalendarTime time = CalendarTime.at(0, CalendarTime.UTC);
        assertThatThrownBy(() -> format(format, time))
                .isInstanceOf(TextError.class)
                .hasMessage("invalid conversion specifier '" + shown + "'");
    }

    @Test
    void agreesWithJavaTimeOnFourThousandYears() {
        Random random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            long moment = (random.nextLong() >> 27) % 126_000_000_000L / 2;
            CalendarTime time = CalendarTime.at(moment, CalendarTime.UTC);
            LocalDateTime expected = LocalDateTime.ofEpochSecond(moment, 0, ZoneOffset.UTC);
            assertThat(LocalDateTime.of(
                            (int) time.year(), time.month(), time.day(), time.hour(), time.minute(), time.second()))
                    .isEqualTo(expected);
            assertThat(time.weekday()).isEqualTo(expected.getDayOfWeek().getValue() % 7);
            assertThat(time.yearDay() + 1).isEqualTo(expected.getDayOfYear());
            assertThat(format("%V", time))
                    .isEqualTo(String.format("%02d", expected.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)));
            assertThat(format("%G", time)).isEqualTo(Integer.toString(expected.get(IsoFields.WEEK_BASED_YEAR)));
            assertThat(CalendarTime.toEpochSeconds(
                            time.year(),
                            time.month(),
                            time.day(),
                            time.hour(),
                            time.minute(),
                            time.second(),
                            -1,
                            CalendarTime.UTC))
                    .isEqualTo(moment);
        }
    }

    @Test
    void normalisesFieldsOutOfRange() {
        assertThat(CalendarTime.toEpochSeconds(2024, 14, -3, 25, 61, 61, -1, CalendarTime.UTC))
                .isEqualTo(1738116121);
        assertThat(CalendarTime.toEpochSeconds(2024, 14, -3, 25, 61, 61, -1, NEW_YORK))
                .isEqualTo(1738134121);
    }

    @ParameterizedTest
    @CsvSource({"3,10,2,-1,1710055800", "11,3,1,-1,1730615400", "11,3,1,1,1730611800", "11,3,1,0,1730615400"})
    void settlesLocalTimesThatAreMissingOrTwice(int month, int day, int hour, int daylight, long expected) {
        assertThat(CalendarTime.toEpochSeconds(2024, month, day, hour, 30, 0, daylight, NEW_YORK))
                .isEqualTo(expected);
    }

    @Test
    void takesFieldsInTheKindOfTimeThatIsAsked() {
        assertThat(CalendarTime.toEpochSeconds(2024, 7, 1, 12, 0, 0, 0, NEW_YORK))
                .isEqualTo(1719853200);
        assertThat(CalendarTime.toEpochSeconds(2024, 1, 1, 12, 0, 0, 1, NEW_YORK))
                .isEqualTo(1704124800);
        assertThat(CalendarTime.toEpochSeconds(2024, 1, 1, 12, 0, 0, 1, CalendarTime.UTC))
                .isEqualTo(1704106800);
    }

    @Test
    void knowsNoYearsBeyondThoseOfC() {
        assertThat(CalendarTime.at(67_768_036_191_676_799L, CalendarTime.UTC).year())
                .isEqualTo(2_147_485_547L);
        assertThat(CalendarTime.at(67_768_036_191_676_800L, CalendarTime.UTC)).isNull();
        assertThat(CalendarTime.at(Long.MAX_VALUE, NEW_YORK)).isNull();
        assertThat(CalendarTime.at(Long.MIN_VALUE, NEW_YORK)).isNull();
    }

    private static String format(String format, CalendarTime time) {
        ByteBuilder out = new ByteBuilder();
        byte[] bytes = Bytes.of(format);
        DateFormat.append(out, bytes, 0, bytes.length, time);
        return out.toString();
    }
}
