package io.memroute.proxy.config.reader;

import io.memroute.proxy.config.BackendSpec;
import io.memroute.proxy.config.SourceLocation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The labels of all backends of a configuration: finds one that two addresses share. */
final class BackendLabels {

    /** The address that a label stands for, and where it was given first. */
    record Owner(String address, SourceLocation where) {}

    private final Map<String, Owner> owners = new HashMap<>();

    /** The other address that has a backend's label already; empty if none has. */
    Optional<Owner> otherOwner(BackendSpec backend, SourceLocation where) {
        Owner owner = owners.putIfAbsent(backend.label(), new Owner(backend.address(), where));
        return Optional.ofNullable(owner).filter(first -> !first.address().equals(backend.address()));
    }
}
