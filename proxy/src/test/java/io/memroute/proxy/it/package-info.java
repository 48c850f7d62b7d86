/**
 * The proxy as its users meet it: started as the command line starts it, in front of real memcached servers or of
 * backends that follow a script, used over sockets by raw clients, client libraries and memcached's own tools.
 *
 * <p>Nothing here looks inside the proxy; what one class of it does is tested beside that class.
 */
package io.memroute.proxy.it;
