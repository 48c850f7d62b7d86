/** Tasks that are run again and again, whatever becomes of one run. Knows nothing of proxies. */
@NullMarked
package io.memroute.proxy.repeat;

import org.jspecify.annotations.NullMarked;
