package io.memroute.proxy.config.clients;

import io.memroute.proxy.access.IdentityName;
import io.memroute.proxy.config.SourceLocation;

/** A client that a rule names, and where it does. */
public record NamedClient(IdentityName name, SourceLocation where) {}
