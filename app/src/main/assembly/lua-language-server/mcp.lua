---@meta
-- The table mcp, for the Lua language server. docs/lua-api.md explains each function, and where it may be called.
-- A test compares the names here with those of the running program.

---@class mcp
---The path of the configuration, or proxy_arg.
---@field start_arg string|table<string, string|true>|false
---The embedded store, in the place of a pool.
---@field internal_handler userdata
---Places keys by the server's position.
---@field dist_jump_hash table
---Places keys on a ring of the servers' names.
---@field dist_ring_hash { hash: userdata }
---XXH3 with 64 bits.
---@field hash_xxhash userdata
mcp = {}

---A server.
---@class mcp.Backend

---A pool of servers.
---@class mcp.Pool

---A token bucket: bucket(n) says whether it held more than n tokens, and takes them.
---@class mcp.Bucket
---@overload fun(tokens: integer): boolean

---@class mcp.Router

---@class (exact) mcp.BackendDescription: memroute.backend_options
---@field label string
---@field host string
---@field port? integer|string
---@field weight? number
---@field name? string

---@class (exact) mcp.BucketOptions
---@field limit integer
---@field fillrate integer
---Milliseconds. Default: 1000
---@field tickrate? integer

---Describes a server.
---@param label string
---@param host string
---@param port? integer|string
---@return mcp.Backend
---@overload fun(description: mcp.BackendDescription): mcp.Backend
function mcp.backend(label, host, port) end

---@param backends mcp.Backend[]
---@param options? memroute.pool_options
---@return mcp.Pool
function mcp.pool(backends, options) end

---Declares a counter, shown as user_NAME.
---@param index integer
---@param name string
function mcp.add_stat(index, name) end

---A token bucket that all workers share.
---@param options mcp.BucketOptions
---@return mcp.Bucket
function mcp.ratelim_global_tbf(options) end

---A token bucket of this worker.
---@param options mcp.BucketOptions
---@return mcp.Bucket
function mcp.ratelim_tbf(options) end

---Must be called before a pool has a server with TLS.
---@param options? memroute.tls
function mcp.init_tls(options) end

---@param seconds number
function mcp.backend_connect_timeout(seconds) end

---@param seconds number
function mcp.backend_read_timeout(seconds) end

---@param seconds integer
function mcp.backend_retry_waittime(seconds) end

---The older name of backend_retry_waittime.
---@param seconds integer
function mcp.backend_retry_timeout(seconds) end

---@param failures integer
function mcp.backend_failure_limit(failures) end

---@param requests integer
function mcp.backend_depth_limit(requests) end

---@param seconds number
function mcp.backend_flap_time(seconds) end

---@param factor number
function mcp.backend_flap_backoff_ramp(factor) end

---@param seconds number
function mcp.backend_flap_backoff_max(seconds) end

---@param on boolean
function mcp.backend_use_tls(on) end

---Accepted, without effect.
---@param on boolean
function mcp.backend_use_iothread(on) end

---@param on boolean
function mcp.tcp_keepalive(on) end

---@param requests integer
function mcp.active_req_limit(requests) end

---@param kib integer
function mcp.buffer_memory_limit(kib) end

---@param counters integer
function mcp.stat_limit(counters) end

---Accepted, without effect.
---@param factor number
function mcp.luagc_ratio(factor) end

---@class (exact) mcp.Cron
---Seconds.
---@field every integer
---@field func fun()
---@field rerun? boolean

---Calls a function every so often while the configuration is in force.
---@param name string
---@param cron mcp.Cron
function mcp.register_cron(name, cron) end

---In a cron: reloads as SIGHUP does.
function mcp.schedule_config_reload() end

---@param section? string
---@return table
function mcp.server_stats(section) end

---@alias mcp.Serving fun(request: mcp.Request): mcp.Response|string
---@alias mcp.Target mcp.Serving|mcp.Generator|mcp.Router

---Has something serve a command of clients.
---@param command integer mcp.CMD_*
---@param what mcp.Target
---@param tag? string
function mcp.attach(command, what, tag) end

---@return mcp.Generator
function mcp.funcgen_new() end

---@class (exact) mcp.RouterOptions
---@field map? table<string, mcp.Generator|table<integer, mcp.Generator>>
---@field cmap? table<integer, mcp.Generator>
---@field default? mcp.Generator
---@field mode? "prefix"|"anchor"
---@field start? string
---@field stop? string

---@param options mcp.RouterOptions
---@return mcp.Router
function mcp.router_new(options) end

---@param line string
---@param value? string|mcp.Request|mcp.Response
---@return mcp.Request
function mcp.request(line, value) end

---Has the embedded store answer, at once.
---@param request mcp.Request
---@return mcp.Response
function mcp.internal(request) end

---Adds to a counter.
---@param index integer
---@param change integer
function mcp.stat(index, change) end

---Writes a line to the log, and to those who watch proxyuser.
---@param text string
function mcp.log(text) end

---@param request mcp.Request
---@param response? mcp.Response
---@param detail? string
---@param descriptor? integer
function mcp.log_req(request, response, detail, descriptor) end

---@param milliseconds integer
---@param rate integer
---@param errors boolean
---@param request mcp.Request
---@param response? mcp.Response
---@param detail? string
---@param descriptor? integer
function mcp.log_reqsample(milliseconds, rate, errors, request, response, detail, descriptor) end

---@return integer
function mcp.time_real_millis() end

---@return integer
function mcp.time_mono_millis() end

---@class (exact) mcp.InspectorStep
---@field t "sepkey"|"keybegin"|"keyis"|"hasflag"|"flagtoken"|"flagint"|"flagis"
---@field sep? string
---@field pos? integer
---@field map? table
---@field str? string
---@field flag? string

---Asks several things of a request in one call.
---@param ... mcp.InspectorStep
---@return fun(request: mcp.Request): any ...
function mcp.req_inspector_new(...) end

---@param ... mcp.InspectorStep
---@return fun(response: mcp.Response): any ...
function mcp.res_inspector_new(...) end

---@class (exact) mcp.MutatorStep
---@field t string
---@field cmd? string
---@field val? string|integer
---@field idx? integer
---@field flag? string
---@field code? "error"|"server"|"client"
---@field msg? string

---Writes a request from texts and parts of other objects.
---@param ... mcp.MutatorStep
---@return fun(request: mcp.Request, ...: any): boolean?
function mcp.req_mutator_new(...) end

---@param ... mcp.MutatorStep
---@return fun(response: mcp.Response, ...: any): boolean?
function mcp.res_mutator_new(...) end

---Makes functions that serve requests.
---@class mcp.Generator
local Generator = {}

---A way to a pool, to mcp.internal_handler, or to another generator.
---@param target mcp.Pool|mcp.Generator|userdata
---@return integer handle
function Generator:new_handle(target) end

---@class (exact) mcp.Ready
---Called once for each slot; returns the slot's function.
---@field f fun(context: mcp.RequestContext, argument: any): mcp.Serving
---The second argument of f.
---@field a? any
---The name in statistics.
---@field n? string
---How many requests and responses a slot may make, 1 to 255.
---@field u? integer

---Completes it.
---@param options mcp.Ready
function Generator:ready(options) end

---The context of one slot: what it sends, and waits for. Times are in seconds.
---@class mcp.RequestContext
local RequestContext = {}

---@param request mcp.Request
---@param handle integer|integer[]
function RequestContext:enqueue(request, handle) end

---@param request mcp.Request
---@param handle integer
---@param timeout? number
---@return mcp.Response
---@return true? late
function RequestContext:enqueue_and_wait(request, handle, timeout) end

---@param handle integer
---@param timeout? number
---@return mcp.Response
---@return true? late
function RequestContext:wait_handle(handle, timeout) end

---@param count integer
---@param mode? integer mcp.WAIT_*
---@param timeout? number
---@return integer replies
---@return true? late
function RequestContext:wait_cond(count, mode, timeout) end

---@param seconds number
---@return true
function RequestContext:sleep(seconds) end

---@param handle integer
---@return mcp.Response?
function RequestContext:res_good(handle) end

---@param handle integer
---@return mcp.Response?
function RequestContext:res_ok(handle) end

---@param handle integer
---@return mcp.Response?
function RequestContext:res_any(handle) end

---@param handle integer
---@return mcp.Response?
---@return integer? class mcp.RES_*
function RequestContext:result(handle) end

---@param handles integer[]
---@return mcp.Response?
---@return integer? class mcp.RES_*
function RequestContext:best_result(handles) end

---@param handles integer[]
---@return mcp.Response?
---@return integer? class mcp.RES_*
function RequestContext:worst_result(handles) end

---@param handle integer
---@param callback fun(response: mcp.Response, request: mcp.Request): integer?, true?
function RequestContext:handle_set_cb(handle, callback) end

---@return mcp.Request
function RequestContext:request_new() end

---@return mcp.Response
function RequestContext:response_new() end

---@return integer
function RequestContext:cfd() end

---@return string?
function RequestContext:tls_peer_cn() end

---@class mcp.Request
local Request = {}

---@return integer command mcp.CMD_*
function Request:command() end

---@return string
function Request:key() end

---@return integer
function Request:ntokens() end

---@return string
function Request:raw_line() end

---@return string?
function Request:raw_value() end

---@param index integer
---@param text? string
---@return string?
function Request:token(index, text) end

---@param index integer
---@return integer?
function Request:token_int(index) end

---@param bytes integer
function Request:ltrimkey(bytes) end

---@param bytes integer
function Request:rtrimkey(bytes) end

---@param flag string
---@return boolean
function Request:has_flag(flag) end

---@param flag string
---@param text? string
---@return boolean
---@return string?
function Request:flag_token(flag, text) end

---@param flag string
---@return boolean
---@return integer?
function Request:flag_token_int(flag) end

---@param flag string
---@param token? string|number
---@return boolean
function Request:flag_add(flag, token) end

---@param flag string
---@param token? string|number
---@return boolean
function Request:flag_set(flag, token) end

---@param flag string
---@param other string
---@param token? string|number
---@return boolean
function Request:flag_replace(flag, other, token) end

---@param flag string
---@return boolean
function Request:flag_del(flag) end

---@param response mcp.Response
---@return boolean
---@return string? reason
function Request:match_res(response) end

---@class mcp.Response
local Response = {}

---@return boolean
function Response:ok() end

---@return boolean
function Response:hit() end

---@return integer code mcp.MCMC_CODE_*
function Response:code() end

---@return integer
function Response:vlen() end

---@return string?
function Response:line() end

---Microseconds from sending to the reply.
---@return integer
function Response:elapsed() end

---@return string
function Response:raw_string() end

---@param flag string
---@return boolean
function Response:flag_blank(flag) end

function Response:close() end
