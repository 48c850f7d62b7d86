<?php
// Asks PHP's extension memcached where keys go: see README.md.

require __DIR__ . '/oracle.php';

const HASHES = [
    'default' => Memcached::HASH_DEFAULT, 'md5' => Memcached::HASH_MD5, 'crc' => Memcached::HASH_CRC,
    'fnv1_64' => Memcached::HASH_FNV1_64, 'fnv1a_64' => Memcached::HASH_FNV1A_64,
    'fnv1_32' => Memcached::HASH_FNV1_32, 'fnv1a_32' => Memcached::HASH_FNV1A_32,
    'murmur' => Memcached::HASH_MURMUR,
];

answer(function (string $scheme, string $hash, array $servers, array $keys): array {
    $client = new Memcached();
    if ($scheme === 'libmemcached-ketama') {
        $client->setOption(Memcached::OPT_DISTRIBUTION, Memcached::DISTRIBUTION_CONSISTENT);
    } elseif ($scheme === 'libmemcached-ketama-weighted') {
        $client->setOption(Memcached::OPT_LIBKETAMA_COMPATIBLE, true);
    }
    $client->setOption(Memcached::OPT_HASH, HASHES[$hash]);
    $index = [];
    foreach ($servers as $i => [$host, $port, $weight]) {
        $client->addServer($host, (int) $port, (int) $weight);
        $index["$host:$port"] = $i;
    }
    return array_map(function ($key) use ($client, $index) {
        $server = $client->getServerByKey($key);
        return $index["{$server['host']}:{$server['port']}"];
    }, $keys);
});
