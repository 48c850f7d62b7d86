package io.memroute.proxy.config.clients;

import io.memroute.proxy.access.ClientRules;
import io.memroute.proxy.config.library.Recording;
import io.memroute.proxy.config.source.Findings;
import java.util.List;

/** Reads what files have said about clients, when all of them have run. */
public final class ClientRulesReader {

    /**
     * The rules about clients of one configuration.
     *
     * @param named the clients that they name
     */
    public record Read(ClientRules rules, List<NamedClient> named) {
        public Read {
            named = List.copyOf(named);
        }
    }

    private ClientRulesReader() {}

    /** Reads all rules; of no use if errors have been noted. */
    public static Read read(Recording recorded, Findings findings) {
        ClientTexts texts = new ClientTexts();
        ClientRules rules = new ClientRules(
                new AccessReader(texts, findings).read(recorded.access),
                new QuotaReader(texts, findings).read(recorded.quotas));
        return new Read(rules, texts.named());
    }
}
