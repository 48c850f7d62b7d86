<?php
// What the oracles in PHP have in common: they read keys and questions, and print places. See README.md.

function answer(callable $placeAll): void
{
    global $argv;
    $keys = array_map('hex2bin', file(end($argv), FILE_IGNORE_NEW_LINES));
    while (($line = fgets(STDIN)) !== false) {
        $words = explode("\t", rtrim($line, "\n"));
        [$scheme, $hash] = $words;
        $servers = array_map(fn($text) => explode(':', $text, 4), array_slice($words, 2));
        echo implode(' ', $placeAll($scheme, $hash, $servers, $keys)), "\n";
        flush();
    }
}
