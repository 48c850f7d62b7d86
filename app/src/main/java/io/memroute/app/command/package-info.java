/**
 * memroute's own commands: run, demo, init, lua, version, help. Reads words with picocli and hands over to what does
 * the work.
 */
package io.memroute.app.command;
