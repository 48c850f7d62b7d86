/**
 * memroute's own commands: run, demo, init, lua, version, help. Reads words with picocli and hands over to what does
 * the work.
 */
@NullMarked
package io.memroute.app.command;

import org.jspecify.annotations.NullMarked;
