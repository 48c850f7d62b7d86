// Asks memjs, memcached and hashring, packages of npm, where keys go: see README.md.

const fs = require('fs');
const readline = require('readline');

const keys = fs.readFileSync(process.argv[process.argv.length - 1], 'latin1').split('\n').slice(0, -1)
  .map(line => Buffer.from(line, 'hex').toString('utf8'));

function byName(servers, ringOf) {
  const index = {};
  const given = {};
  servers.forEach((server, i) => {
    const address = server.host + ':' + server.port;
    index[address] = i;
    given[address] = server.weight;
  });
  const equal = servers.every(server => server.weight === 1);
  const ring = ringOf(equal ? Object.keys(given) : given);
  return keys.map(key => index[ring.get(key)]);
}

const schemes = {
  memjs: servers => {
    const client = require('memjs').Client.create(servers.map(server => server.host + ':' + server.port).join(','));
    return keys.map(key => client.servers.indexOf(client.server(key)));
  },
  'npm-memcached': servers => byName(servers, given => new (require('memcached'))(given).HashRing),
  hashring: servers => byName(servers, given => new (require('hashring'))(given)),
  'hashring-hash-ring': servers =>
    byName(servers, given => new (require('hashring'))(given, 'md5', { compatibility: 'hash_ring' })),
};

readline.createInterface({ input: process.stdin }).on('line', line => {
  const [scheme, , ...texts] = line.split('\t');
  const servers = texts.map(text => {
    const [host, port, weight] = text.split(':');
    return { host, port: +port, weight: +weight };
  });
  console.log(schemes[scheme](servers).join(' '));
});
