# Asks Dalli's ring where keys go: see README.md.

require 'dalli'
require 'dalli/ring'

keys = File.readlines(ARGV[-1], chomp: true).map { |line| [line].pack('H*') }
$stdin.each_line(chomp: true) do |line|
  _scheme, _hash, *texts = line.split("\t")
  servers = texts.map do |text|
    host, port, weight = text.split(':', 4)
    server = Dalli::Protocol::Binary.new("#{host}:#{port}:#{weight.to_i}", {})
    def server.alive? = true
    server
  end
  ring = Dalli::Ring.new(servers, { threadsafe: false })
  index = servers.each_with_index.to_h { |server, i| [server.name, i] }
  puts keys.map { |key| index[ring.server_for_key(key).name] }.join(' ')
  $stdout.flush
end
