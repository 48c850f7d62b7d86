<?php
// Does what PHP's memcached extension can, against the server on the port given, and says what is not as it should be.

$wrong = 0;

function expect(string $what, mixed $got, mixed $expected): void
{
    global $wrong;
    if ($got !== $expected) {
        $wrong++;
        echo "$what: got ", var_export($got, true), " instead of ", var_export($expected, true), "\n";
    }
}

$client = new Memcached();
$client->addServer('127.0.0.1', (int) $argv[1]);

$all = [];
for ($i = 0; $i < 300; $i++) {
    // It compresses the long ones.
    $all["key$i"] = $i % 10 == 0 ? str_repeat('long ', 10000) . $i : ['n' => $i, 'text' => "value$i"];
}
expect('setMulti', $client->setMulti($all), true);
$got = $client->getMulti(array_keys($all));
ksort($all);
ksort($got);
expect('getMulti', $got == $all, true);
expect('get', $client->get('key7'), ['n' => 7, 'text' => 'value7']);
expect('get of nothing', $client->get('none'), false);
expect('its code', $client->getResultCode(), Memcached::RES_NOTFOUND);
expect('add', $client->add('key7', 'x'), false);
expect('replace', $client->replace('none', 'x'), false);
expect('set', $client->set('count', 10), true);
expect('increment', $client->increment('count', 3), 13);
expect('decrement', $client->decrement('count', 20), 0);
$item = $client->get('key8', null, Memcached::GET_EXTENDED);
expect('cas', $client->cas($item['cas'], 'key8', 'changed'), true);
expect('cas again', $client->cas($item['cas'], 'key8', 'again'), false);
expect('touch', $client->touch('key8', 100), true);
$client->setOption(Memcached::OPT_COMPRESSION, false);
expect('set text', $client->set('text', 'b'), true);
expect('append', $client->append('text', 'c'), true);
expect('prepend', $client->prepend('text', 'a'), true);
expect('get text', $client->get('text'), 'abc');
expect('delete', $client->delete('text'), true);
expect('deleteMulti', $client->deleteMulti(['key1', 'key2']), ['key1' => true, 'key2' => true]);
expect('getDelayed', $client->getDelayed(['key3', 'key4']), true);
expect('fetchAll', count($client->fetchAll()), 2);
expect('getStats', count($client->getStats()), 1);
expect('getVersion', count($client->getVersion()), 1);
// Asks for slabs and for the keys of each: none are told, and the connection stays in step.
expect('getAllKeys', $client->getAllKeys(), []);
expect('its code', $client->getResultCode(), Memcached::RES_SUCCESS);
expect('get behind it', $client->get('key9'), ['n' => 9, 'text' => 'value9']);
expect('flush', $client->flush(), true);
expect('getMulti of nothing', $client->getMulti(['key3', 'key4']), []);

echo $wrong == 0 ? "all is well\n" : "$wrong wrong\n";
