/**
 * Operations of the language that only running code needs: arithmetic, loops, walks over tables. Knows no syntax and no
 * executor.
 */
package io.memroute.lua.runtime;
