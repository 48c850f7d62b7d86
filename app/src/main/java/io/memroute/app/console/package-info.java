/**
 * The console in the browser: its files, and the page that tries out a configuration that is pasted into it. All else
 * that it shows it asks the other pages for.
 */
@NullMarked
package io.memroute.app.console;

import org.jspecify.annotations.NullMarked;
