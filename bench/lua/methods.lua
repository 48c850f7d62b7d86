local Account = {} Account.__index = Account
function Account.new(b) return setmetatable({balance = b}, Account) end
function Account:deposit(v) self.balance = self.balance + v end
function Account:get() return self.balance end
local Special = setmetatable({}, {__index = Account}) Special.__index = Special
function Special.new(b) local s = Account.new(b) return setmetatable(s, Special) end
function Special:withdraw(v) self.balance = self.balance - v end
local a, b = Account.new(0), Special.new(100)
for i = 1, 10000000 do
  a:deposit(1)
  b:withdraw(1)
  if b:get() < 0 then b:deposit(100) end
end
print(a:get(), b:get())
