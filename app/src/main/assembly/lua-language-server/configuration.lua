---@meta
-- The configuration language, for the Lua language server: completes and checks what stands in a configuration.
-- docs/configuration.md explains each word. A test compares the names here with those that memroute reads.

---A route, as route_NAME{ ... } makes it.
---@class memroute.Route

---Routes by command, as cmdmap{ ... } makes them.
---@class memroute.CommandMap

---A pool, a member of a set, "internal", or a route.
---@alias memroute.Child string|memroute.Route

---A list, a table by zone, the name of a set, or a route with child_wrap.
---@alias memroute.Children memroute.Child[]|table<string, memroute.Child>|string|memroute.Route

---@alias memroute.Distribution table

---@class (exact) memroute.settings
---Requests in flight over all workers. 0: no limit.
---@field active_req_limit? integer
---Another name of active_req_limit.
---@field active_request_limit? integer
---KiB of values and replies held, over all workers. 0: no limit.
---@field buffer_memory_limit? integer
---Seconds to make a connection to a server. Default: 5
---@field backend_connect_timeout? number
---Seconds: the age of a connection's oldest request. Default: 3
---@field backend_read_timeout? number
---Whole seconds before a server marked bad is tried again. Default: 3
---@field backend_retry_waittime? integer
---Failures in a row that are tolerated; one more marks the server bad. Default: 3
---@field backend_failure_limit? integer
---Requests waiting on one connection to a server. 0: no limit.
---@field backend_depth_limit? integer
---Seconds: a connection lost sooner is a flap. Default: 0.2
---@field backend_flap_time? number
---Multiplies the wait after each further flap. Default: 1.5
---@field backend_flap_backoff_ramp? number
---Seconds: the longest wait after flaps. Default: 60
---@field backend_flap_backoff_max? number
---The default of the pool option iothread.
---@field backend_use_iothread? boolean
---The default of the backend option tls.
---@field backend_use_tls? boolean
---The default of the backend option tcpkeepalive.
---@field tcp_keepalive? boolean
---Defaults for the options of every pool.
---@field pool_options? memroute.pool_options
---Defaults for the options of every backend.
---@field backend_options? memroute.backend_options
---How sources of servers are followed. docs/discovery.md
---@field discovery? memroute.discovery
---Name servers of sources, "HOST:PORT". Default: the system's.
---@field dns_servers? string[]
---The proxies that `config get cluster` answers, "HOST:PORT", and version = N.
---@field cluster? string[]|{ version?: integer }
---Send flush_all to all servers. Default: false
---@field allow_flush_all? boolean
---Send neighbouring gets as one. Default: true
---@field merge_gets? boolean
---Gets that a server fails to answer are misses: the default of every routes{}.
---@field miss_on_error? boolean

---@class (exact) memroute.discovery
---Seconds for which a server that has left keeps its slot. Default: 60
---@field grace? number
---Seconds for which a change must stand. Default: 2
---@field debounce? number
---The share of the servers, 0 to 1, that an answer must have. Default: 0.5
---@field min_share? number
---Seconds after which an answer with fewer is believed. Default: 300
---@field confirm_after? number
---The share of a pool's keys, 0 to 1, that a change may move. Default: 1
---@field max_moved? number
---Seconds between two questions, at most. Default: 30
---@field refresh? number
---The directory where the last good servers are kept.
---@field state? string

---@class (exact) memroute.pool
---Servers ("HOST[:PORT] [LABEL] [_down_]" or a table) and sources, one at least. The order matters.
---@field backends (string|memroute.backend)[]
---How a key picks a server.
---@field options? memroute.pool_options
---Defaults for the options of this pool's backends.
---@field backend_options? memroute.backend_options

---@class (exact) memroute.pool_options
---The distribution: mcp.dist_jump_hash (default) or mcp.dist_ring_hash.
---@field dist? memroute.Distribution
---The key hash: mcp.hash_xxhash (default) or mcp.dist_ring_hash.hash; a name with placement.
---@field hash? table|userdata|string
---Varies the placement of keys.
---@field seed? string
---Hash only a part of the key, with filter_conf.
---@field filter? "stop"|"tags"|"hash_tag"|"strip"
---@field filter_conf? string
---The kind of ring.
---@field omode? "default"|"ketama"|"twemproxy"|"evcache"
---Points of each server on the ring. Default: 160
---@field obuckets? integer
---Place keys as another proxy or a client does. docs/placement.md
---@field placement? string
---Pools with different prefixes do not share connections to equal servers.
---@field beprefix? string
---Accepted, without effect.
---@field iothread? boolean

---@class (exact) memroute.backend_options
---Connections of each worker to the server, 1 to 8. Default: 1
---@field connections? integer
---Never connect: every request fails at once.
---@field down? boolean
---Connect with TLS.
---@field tls? boolean|memroute.tls
---Log in as this user; false: do not log in.
---@field user? string|false
---The user's password.
---@field password? string
---A file whose only line is the password.
---@field password_file? string
---TCP keepalive.
---@field tcpkeepalive? boolean
---Seconds to make a connection.
---@field connecttimeout? number
---Seconds: the age of a connection's oldest request.
---@field readtimeout? number
---Whole seconds before a server marked bad is tried again.
---@field retrywaittime? integer
---The older name of retrywaittime.
---@field retrytimeout? integer
---Failures in a row that are tolerated.
---@field failurelimit? integer
---Requests waiting on one connection.
---@field depthlimit? integer
---Seconds: a connection lost sooner is a flap.
---@field flaptime? number
---Multiplies the wait after each further flap.
---@field flapbackofframp? number
---Seconds: the longest wait after flaps.
---@field flapbackoffmax? number
---What to log of its requests.
---@field log? memroute.log

---@class (exact) memroute.backend: memroute.backend_options
---A name or an address, without port.
---@field host? string
---In the place of host: a source of servers. docs/discovery.md
---@field source? string
---Default: 11211
---@field port? integer
---Default: host:port
---@field label? string
---With placement: how many keys it gets, compared with others. Default: 1
---@field weight? number
---With placement: what is hashed in the place of host and port.
---@field name? string

---@class (exact) memroute.tls
---A file with the certificate that memroute shows to servers, PEM.
---@field cert? string
---A file with its private key. Default: cert
---@field key? string
---A file that holds the password of a key that is encrypted.
---@field key_password_file? string
---A file of certificates, PEM or DER: only these vouch for the server.
---@field ca? string
---The name that the certificate must have. Default: the host
---@field name? string
---false: any certificate will do. Default: true
---@field verify? boolean

---@class (exact) memroute.log
---One request in as many; 1: all.
---@field rate? integer
---All that failed.
---@field errors? boolean
---Milliseconds: all that were slower.
---@field deadline? integer
---Text shown with them.
---@field tag? string

---@class (exact) memroute.routes
---By the prefix of the key: a route, or a cmdmap{} of routes by command.
---@field map? table<string, memroute.Route|memroute.CommandMap>
---By command, for keys that map does not take.
---@field cmap? memroute.commands|memroute.CommandMap
---For all other requests.
---@field default? memroute.Route
---How prefixes are found.
---@field conf? memroute.prefixes
---1 to 8 bytes: the tree of listeners with that tag.
---@field tag? string
---Gets that a server fails to answer are misses.
---@field miss_on_error? boolean

---@class (exact) memroute.prefixes
---@field mode? "prefix"|"anchor"
---The text, 1 to 5 bytes, that ends a prefix. Default: "/"
---@field stop? string
---With anchor: the text, 1 to 5 bytes, that the key begins with.
---@field start? string

---Routes by command; numbers such as mcp.CMD_GET are keys too.
---@class memroute.commands
---@field [integer] memroute.Route
---@field mg? memroute.Route
---@field ms? memroute.Route
---@field md? memroute.Route
---@field ma? memroute.Route
---@field me? memroute.Route
---@field get? memroute.Route
---@field gat? memroute.Route
---@field set? memroute.Route
---@field add? memroute.Route
---@field cas? memroute.Route
---@field gets? memroute.Route
---@field gats? memroute.Route
---@field incr? memroute.Route
---@field decr? memroute.Route
---@field touch? memroute.Route
---@field append? memroute.Route
---@field delete? memroute.Route
---@field replace? memroute.Route
---@field prepend? memroute.Route
---Every command not named.
---@field all? memroute.Route

---Clients that may do something, or may not. docs/security.md
---@class (exact) memroute.access_rule
---The clients: "user:NAME", "cn:NAME", "san:NAME", "tag:TAG" or "*"; without it all.
---@field who? string|string[]
---The commands: a class such as "get", "store" or "all", or their own words.
---@field allow? string|string[]
---@field deny? string|string[]
---Prefixes of keys; without it all, and commands that have none.
---@field keys? string|string[]

---@class memroute.access
---@field [integer] memroute.access_rule
---What holds where no rule decides. Default: "deny"
---@field default? "allow"|"deny"

---What clients may use. docs/security.md
---@class (exact) memroute.quota
---The clients that share the limit, as in access rules; without it all.
---@field who? string|string[]
---Each identity among them has the limit for itself.
---@field each? boolean
---Prefixes of keys; only for requests.
---@field keys? string|string[]
---Requests in a second.
---@field requests? number
---Bytes of requests and replies in a second.
---@field bytes? number
---Requests that are not answered yet.
---@field in_flight? integer
---Connections that have sent a request.
---@field connections? integer
---Seconds for which unused requests and bytes may be used at once. Default: 1
---@field burst? number
---What happens above the limit; "miss" is for gets. Default: "refuse"
---@field above? "refuse"|"miss"

---What is expected of a command. docs/checking.md
---@class (exact) memroute.test
---@field name? string
---The command, as a client sends it.
---@field when string
---The tag of the listener.
---@field tag? string
---Servers that are down, by label or HOST:PORT.
---@field down? string|string[]
---What servers answer.
---@field given? table
---@field expect_backend? string|string[]
---@field expect_pool? string|string[]
---@field expect_reply? string
---@field expect_request? string

---@class (exact) memroute.verbosity
---@field verbose? boolean
---@field debug? boolean
---@field trace? boolean

---For the proxy as a whole, and defaults for every pool and backend. The last call holds.
---@param table memroute.settings
function settings(table) end

---Servers by name. A name that begins with set_ is a group of pools.
---@param table table<string, memroute.pool|memroute.pool[]|table<string, memroute.pool>>
function pools(table) end

---How requests reach pools.
---@param table memroute.routes
function routes(table) end

---Which clients may do what. The first rule that is about a request decides.
---@param table memroute.access
function access(table) end

---Limits what clients may use. All limits that are about a client hold.
---@param table memroute.quota[]
function quotas(table) end

---Routes by command, as a value of map or cmap.
---@param table memroute.commands
---@return memroute.CommandMap
function cmdmap(table) end

---What is expected of a command; `memroute test` runs it.
---@param table memroute.test
function test(table) end

---Makes functions route_NAME of handlers in Lua.
---@param names string[]
function register_route_handlers(names) end

---Sets the zone that this proxy is in, or returns it.
---@param name? string
---@return string?
function local_zone(name) end

---Takes the zone from an environment variable.
---@param variable string
function local_zone_from_env(variable) end

---Takes the zone from the first line of a file.
---@param path string
function local_zone_from_file(path) end

---Has say() print.
---@param on? boolean
function verbose(on) end

---Prints, when verbose.
function say(...) end

---Prints, when debugging.
function dsay(...) end

---@param table memroute.verbosity
function verbosity(table) end
