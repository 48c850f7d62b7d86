/** {@code memroute demo}: a proxy with servers behind it in one process, to try things out. */
package io.memroute.app.demo;
