-- Float arithmetic on locals, on arrays of arrays and on fields: a mandelbrot count, a matrix product, falling
-- particles.
local function mandelbrot(size, limit)
  local inside = 0
  for py = 0, size - 1 do
    local ci = 2.0 * py / size - 1.0
    for px = 0, size - 1 do
      local cr = 2.0 * px / size - 1.5
      local zr, zi, n = 0.0, 0.0, 0
      while n < limit and zr * zr + zi * zi < 4.0 do
        zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
        n = n + 1
      end
      if n == limit then inside = inside + 1 end
    end
  end
  return inside
end

local function matrix(n, f)
  local m = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do row[j] = f(i, j) end
    m[i] = row
  end
  return m
end

local function product(a, b)
  local n, c = #a, {}
  for i = 1, n do
    local ai, row = a[i], {}
    for j = 1, n do
      local sum = 0.0
      for k = 1, n do sum = sum + ai[k] * b[k][j] end
      row[j] = sum
    end
    c[i] = row
  end
  return c
end

local function particles(n, steps)
  local all = {}
  for i = 1, n do all[i] = { y = 100.0 + i, v = 0.0 } end
  for _ = 1, steps do
    for i = 1, n do
      local p = all[i]
      p.v = p.v - 9.81 * 0.001
      p.y = p.y + p.v * 0.001
      if p.y < 0 then p.y, p.v = -p.y, -p.v * 0.9 end
    end
  end
  return all[1].y
end

local m = product(matrix(220, function(i, j) return i + j / 10 end), matrix(220, function(i, j) return i - j / 10 end))
print(mandelbrot(500, 100), m[10][20], string.format("%.6f", particles(1000, 3000)))
