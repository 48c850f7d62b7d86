package io.memroute.app.admin;

/**
 * The reply to a question.
 *
 * @param status the exit status that the command ends with
 * @param answer whether the text is what was asked for, rather than why there is none
 * @param text ends its own last line
 */
public record AdminReply(int status, boolean answer, String text) {}
