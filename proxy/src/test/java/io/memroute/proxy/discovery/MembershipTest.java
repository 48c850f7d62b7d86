package io.memroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The clock is moved by hand: grace 60 s, debounce 2 s, half of the servers at least, confirmed after 300 s. */
class MembershipTest {

    private final Membership membership = new Membership(
            new DiscoveryRules(Duration.ofSeconds(60), Duration.ofSeconds(2), 0.5, Duration.ofSeconds(300), 1));

    private long now = Long.MAX_VALUE - 5;

    @Test
    void theFirstAnswerIsOfferedAtOnceInTheOrderOfNames() throws SourceException {
        answer("mc-10", "mc-2", "mc-1");
        assertThat(offer()).isEqualTo("mc-1 mc-2 mc-10");
    }

    @Test
    void anotherOrderOfTheSameServersIsNoChange() throws SourceException {
        start("mc-0", "mc-1");
        answer("mc-1", "mc-0", "mc-1");
        pass(1000);
        assertThat(offer()).isEmpty();
    }

    @Test
    void aChangeIsOfferedWhenItHasStood() throws SourceException {
        start("mc-0", "mc-1");
        answer("mc-0", "mc-1", "mc-2");
        pass(1);
        assertThat(offer()).isEmpty();
        assertThat(membership.nextOfferNanos(now))
                .hasValue(Duration.ofSeconds(1).toNanos());
        pass(1);
        assertThat(offer()).isEqualTo("mc-0 mc-1 mc-2");
    }

    @Test
    void aSourceThatFlapsFasterChangesNothing() throws SourceException {
        start("mc-0", "mc-1");
        for (int i = 0; i < 100; i++) {
            answer("mc-0");
            pass(1);
            assertThat(offer()).isEmpty();
            answer("mc-0", "mc-1");
            pass(1);
            assertThat(offer()).isEmpty();
        }
    }

    @Test
    void aServerThatLeavesKeepsItsSlotForTheGraceTime() throws SourceException {
        start("mc-0", "mc-1", "mc-2");
        answer("mc-0", "mc-2");
        pass(2);
        assertThat(accept()).isEqualTo("mc-0 mc-1(down) mc-2");
        pass(57);
        assertThat(offer()).isEmpty();
        assertThat(membership.nextOfferNanos(now))
                .hasValue(Duration.ofSeconds(1).toNanos());
        pass(1);
        assertThat(accept()).isEqualTo("mc-0 mc-2");
        assertThat(membership.nextOfferNanos(now)).isEmpty();
    }

    @Test
    void aServerThatIsBackWithinTheGraceTimeHasItsSlotAgain() throws SourceException {
        start("mc-0", "mc-1", "mc-2");
        answer("mc-0", "mc-2");
        pass(2);
        accept();
        answer("mc-0", "mc-1", "mc-2");
        pass(2);
        assertThat(accept()).isEqualTo("mc-0 mc-1 mc-2");
        pass(100);
        assertThat(offer()).isEmpty();
    }

    @Test
    void aServerWithAnotherAddressIsInTheSameSlot() throws SourceException {
        start("mc-0", "mc-1");
        membership.answered(List.of(new FoundServer("mc-0", "10.0.0.9", 11211), FoundServer.of("mc-1", 11211)), now);
        pass(2);
        assertThat(membership.offer(now).orElseThrow().getFirst().server().host())
                .isEqualTo("10.0.0.9");
    }

    @Test
    void anAnswerWithoutServersIsNoAnswer() throws SourceException {
        start("mc-0", "mc-1");
        assertThatThrownBy(() -> membership.answered(List.of(), now))
                .isInstanceOf(SourceException.class)
                .hasMessage("it names no servers");
        pass(1000);
        assertThat(offer()).isEmpty();
        assertThat(membership.slots()).hasSize(2);
    }

    @Test
    void anAnswerWithTooFewServersIsHeldBackUntilItHasStoodForLong() throws SourceException {
        start("mc-0", "mc-1", "mc-2", "mc-3", "mc-4");
        answer("mc-0", "mc-1");
        pass(299);
        assertThat(offer()).isEmpty();
        assertThat(membership.isHeldBack(now)).isTrue();
        assertThat(membership.nextOfferNanos(now)).isPresent();
        pass(1);
        assertThat(membership.isHeldBack(now)).isFalse();
        assertThat(accept()).isEqualTo("mc-0 mc-1");
    }

    @Test
    void anOperatorConfirmsAnAnswerWithTooFewServers() throws SourceException {
        start("mc-0", "mc-1", "mc-2", "mc-3", "mc-4");
        answer("mc-0", "mc-1");
        membership.confirm();
        assertThat(accept()).isEqualTo("mc-0 mc-1 mc-2(down) mc-3(down) mc-4(down)");
        answer("mc-0");
        pass(2);
        assertThat(accept())
                .as("half of those that are up")
                .isEqualTo("mc-0 mc-1(down) mc-2(down) mc-3(down) mc-4(down)");
    }

    @Test
    void aRefusedChangeIsOfferedAgainWhenTheOperatorConfirmsItOrItIsAnother() throws SourceException {
        start("mc-0", "mc-1");
        answer("mc-0", "mc-1", "mc-2");
        pass(2);
        membership.refused(membership.offer(now).orElseThrow());
        pass(1000);
        assertThat(offer()).isEmpty();
        answer("mc-0", "mc-1", "mc-3");
        pass(2);
        assertThat(offer()).isEqualTo("mc-0 mc-1 mc-3");
        membership.refused(membership.offer(now).orElseThrow());
        assertThat(offer()).isEmpty();
        membership.confirm();
        assertThat(accept()).isEqualTo("mc-0 mc-1 mc-3");
    }

    @Test
    void aRestartForgetsNeitherASlotThatIsDownNorHowLong() throws SourceException {
        resume(Duration.ofSeconds(5), Duration.ofSeconds(50), "mc-0", "mc-1(down)", "mc-2");
        answer("mc-0", "mc-2");
        assertThat(accept()).isEqualTo("mc-0 mc-1(down) mc-2");
        pass(9);
        assertThat(offer()).isEmpty();
        assertThat(membership.nextOfferNanos(now))
                .hasValue(Duration.ofSeconds(1).toNanos());
        pass(1);
        assertThat(accept()).isEqualTo("mc-0 mc-2");
    }

    @Test
    void aServerThatLeftWhileNobodyLookedKeepsItsSlotFromThenOn() throws SourceException {
        resume(Duration.ofSeconds(20), Duration.ZERO, "mc-0", "mc-1", "mc-2");
        answer("mc-0", "mc-2");
        assertThat(accept()).isEqualTo("mc-0 mc-1(down) mc-2");
        pass(40);
        assertThat(accept()).isEqualTo("mc-0 mc-2");
    }

    @Test
    void aStartLongAfterTheLastRunTakesTheAnswerAsItIs() throws SourceException {
        resume(Duration.ofSeconds(300), Duration.ofSeconds(310), "mc-0", "mc-1(down)", "mc-2", "mc-3", "mc-4");
        answer("mc-0");
        assertThat(membership.isHeldBack(now)).isFalse();
        assertThat(accept()).isEqualTo("mc-0");
    }

    /** Nobody has confirmed it: the last set stays in force, as without a restart. */
    @Test
    void anAnswerWithTooFewServersIsHeldBackAfterARestart() throws SourceException {
        resume(Duration.ofSeconds(5), Duration.ZERO, "mc-0", "mc-1", "mc-2", "mc-3", "mc-4");
        answer("mc-0", "mc-1");
        assertThat(offer()).isEmpty();
        assertThat(membership.isHeldBack(now)).isTrue();
        membership.accepted(slots("mc-0", "mc-1", "mc-2", "mc-3", "mc-4"));
        pass(300);
        assertThat(accept()).isEqualTo("mc-0 mc-1");
    }

    /** Without an answer the set of the last run stays, and no slot is down for ever. */
    @Test
    void theGraceTimeEndsAlsoWhileTheSourceIsSilent() {
        resume(Duration.ofSeconds(5), Duration.ofSeconds(50), "mc-0", "mc-1(down)", "mc-2");
        assertThat(offer()).isEmpty();
        membership.accepted(slots("mc-0", "mc-1(down)", "mc-2"));
        pass(10);
        assertThat(accept()).isEqualTo("mc-0 mc-2");
        pass(1000);
        assertThat(offer()).isEmpty();
    }

    /** @param missing of the slots that are down */
    private void resume(Duration age, Duration missing, String... names) {
        List<Slot> slots = slots(names);
        Map<String, Duration> missingFor = slots.stream()
                .filter(Slot::down)
                .collect(Collectors.toMap(slot -> slot.server().label(), slot -> missing));
        membership.resume(new SavedSet(slots, missingFor, age, age), now);
    }

    private static List<Slot> slots(String... names) {
        return Stream.of(names)
                .map(name -> new Slot(FoundServer.of(name.replace("(down)", ""), 11211), name.endsWith("(down)")))
                .toList();
    }

    private void start(String... names) throws SourceException {
        answer(names);
        accept();
    }

    private void answer(String... names) throws SourceException {
        membership.answered(
                Stream.of(names).map(name -> FoundServer.of(name, 11211)).toList(), now);
    }

    private void pass(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    private String offer() {
        return membership.offer(now).map(MembershipTest::shown).orElse("");
    }

    private String accept() {
        List<Slot> offered = membership.offer(now).orElseThrow();
        membership.accepted(offered);
        return shown(offered);
    }

    private static String shown(List<Slot> slots) {
        return slots.stream()
                .map(slot -> slot.server().name() + (slot.down() ? "(down)" : ""))
                .collect(Collectors.joining(" "));
    }
}
