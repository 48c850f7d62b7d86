package io.memroute.lua.lib;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The reasons of file operations that failed, in the words of C's {@code strerror}. */
final class FileErrors {
  private FileErrors() {}

  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException n -> "No such file or directory";
      case FileNotFoundException n -> "No such file or directory";
      case AccessDeniedException a -> "Permission denied";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
