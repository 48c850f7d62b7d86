<?php
// Asks PHP's extension memcache where keys go, by fetching them from played servers that answer with their place: see
// README.md.

require __DIR__ . '/oracle.php';

const BATCH = 200;

answer(function (string $scheme, string $hash, array $servers, array $keys): array {
    ini_set('memcache.hash_strategy', $scheme === 'pecl-memcache-standard' ? 'standard' : 'consistent');
    ini_set('memcache.hash_function', $hash);
    $client = new MemcachePool();
    foreach ($servers as [$host, $port, $weight]) {
        $client->addServer($host, (int) $port, 0, false, (int) $weight);
    }
    $places = [];
    foreach (array_chunk($keys, BATCH) as $batch) {
        $found = $client->get($batch);
        foreach ($batch as $key) {
            $places[] = $found[$key];
        }
    }
    return $places;
});
