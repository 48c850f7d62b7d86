/**
 * Operations of the language that only running code needs: arithmetic, loops, walks over tables. It must not know the
 * syntax, nor any executor.
 */
package io.memroute.lua.runtime;
