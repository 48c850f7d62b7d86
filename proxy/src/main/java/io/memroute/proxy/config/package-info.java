/**
 * The configuration: a typed, immutable model ({@link io.memroute.proxy.config.ProxyConfig}) and the reader that makes
 * it from an operator's Lua files.
 *
 * <p>Whatever is in the model has been checked as a whole and has its defaults filled in: every limit is in range,
 * every unit is in a type, every child is the pool it names. So nobody downstream validates, and two models are
 * compared with {@code equals}: a backend whose {@link io.memroute.proxy.config.BackendSpec} is equal in both keeps its
 * connections.
 *
 * <p>Nothing here runs per request, opens a socket, or knows workers: a configuration is read on a configuration
 * thread, by a pure function from files to a model or to the list of all their errors.
 */
package io.memroute.proxy.config;
