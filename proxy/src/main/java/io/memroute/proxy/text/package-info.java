/**
 * Texts for people of what comes from outside: names, keys and bytes of clients, servers and files, and the errors of
 * the operating system. Everything that is printed, logged or drawn goes through here. Knows nothing of proxies.
 */
package io.memroute.proxy.text;
