package io.memroute.proxy.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks each source once, for commands that look at a configuration: nothing is watched, nothing is kept. One thread at
 * a time.
 */
public final class OneQuestion implements ServerLookup {

    private final Source.Maker maker;
    private final Map<SourceAddress, List<Slot>> found = new HashMap<>();

    public OneQuestion(Source.Maker maker) {
        this.maker = maker;
    }

    @Override
    public Optional<List<Slot>> slots(SourceAddress address, DiscoverySettings settings) throws SourceException {
        List<Slot> known = found.get(address);
        if (known == null) {
            known = ask(address, settings);
            found.put(address, known);
        }
        return Optional.of(known);
    }

    private List<Slot> ask(SourceAddress address, DiscoverySettings settings) throws SourceException {
        Membership membership = new Membership(settings.rules());
        try (Source source = maker.make(address, settings.asking())) {
            membership.answered(source.ask().servers(), 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException("interrupted", e);
        } catch (RuntimeException e) {
            throw new SourceException(e.toString(), e);
        }
        return membership.offer(0).orElseGet(ArrayList::new);
    }
}
