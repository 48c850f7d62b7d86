package io.memroute.lua;

import io.memroute.lua.syntax.FunctionBody;
import io.memroute.lua.syntax.Site;

/** What generated classes extend. The code of the function is their method {@value #BODY_METHOD}; its "line numbers" are indexes into {@link Code#sites}. */
public abstract class CompiledFunction extends Prototyped {
  public static final String BODY_METHOD = "body";

  /** What a generated class belongs to; one object per class. */
  public static final class Code {
    public final FunctionBody body;
    public Site[] sites;

    public Code(FunctionBody body) {
      this.body = body;
    }
  }

  public abstract Code code();

  @Override
  public final FunctionBody body() {
    return code().body;
  }
}
