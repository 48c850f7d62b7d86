# shellcheck shell=bash
# run_maven runs Maven with the JDK in JAVA_HOME, whatever `java` is on the PATH. Sourced by ./memroute and ./test.
run_maven() {
  if ! command -v mvn >/dev/null; then
    echo "memroute: Maven (mvn) 3.8 or later is needed to build and is not on the PATH;" \
      "Debian/Ubuntu: apt-get install maven" >&2
    return 1
  fi
  # A mavenrc may set another JAVA_HOME; MAVEN_OPTS and settings.xml still apply. The two options keep a JDK 25 from
  # complaining about what Maven 3.8 is made of.
  # A build is over before the second compiler of the JVM has earned what it costs.
  local options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
  options+=" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
  MAVEN_SKIP_RC=true MAVEN_OPTS="$options ${MAVEN_OPTS:-}" \
    mvn --batch-mode --no-transfer-progress "$@" </dev/null
}
