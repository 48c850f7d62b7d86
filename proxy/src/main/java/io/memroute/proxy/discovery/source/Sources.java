package io.memroute.proxy.discovery.source;

import io.memroute.proxy.discovery.DiscoverySettings;
import io.memroute.proxy.discovery.Source;
import io.memroute.proxy.discovery.SourceAddress;
import io.memroute.proxy.discovery.SourceException;

/** Makes sources of every kind. Thread safe. */
public final class Sources implements Source.Maker {

    @Override
    public Source make(SourceAddress address, DiscoverySettings.Asking asking) throws SourceException {
        return switch (address.kind()) {
            case FILE -> new FileSource(address.where());
            case DNS, DNSSRV, DNSSRVNOA -> new DnsSource(address, asking);
            case HTTP -> HttpSource.of(address.where(), asking.refresh());
            case ELASTICACHE -> new ElastiCacheSource(address.where(), asking.refresh());
            case K8S -> new KubernetesSource(address.where(), KubernetesAccount.ofPod());
        };
    }
}
