package io.memroute.proxy.config;

/**
 * A route handler with its arguments checked. One record per handler of the route library, and one for all that are
 * written in Lua; what each does is the business of the route of the same name.
 */
public sealed interface RouteSpec
        permits DirectSpec,
                AllSyncSpec,
                AllFastestSpec,
                AllAsyncSpec,
                FailoverSpec,
                ZoneFailoverSpec,
                SplitSpec,
                TtlSpec,
                NullSpec,
                RateLimitSpec,
                RandomSpec,
                ShadowSpec,
                WarmSpec,
                LatestSpec,
                MajoritySpec,
                WeightedSpec,
                NearCacheSpec,
                PrefixSpec,
                LuaHandlerSpec,
                TimedSpec,
                NamedSpec {

    /** The handler's name, as in {@code route_NAME}. */
    String handler();

    /** The call of {@code route_NAME{}} that made it. */
    SourceLocation where();
}
