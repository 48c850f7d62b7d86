-- Method calls on objects with a class, and with a class that inherits.
local Account = {}
Account.__index = Account

function Account.new(balance)
  return setmetatable({ balance = balance }, Account)
end

function Account:deposit(amount)
  self.balance = self.balance + amount
end

function Account:get()
  return self.balance
end

local Limited = setmetatable({}, { __index = Account })
Limited.__index = Limited

function Limited:withdraw(amount)
  if amount > self.balance then return false end
  self.balance = self.balance - amount
  return true
end

return function()
  local a = Account.new(0)
  local b = setmetatable({ balance = 1000 }, Limited)
  for i = 1, 500 do
    a:deposit(i)
    if not b:withdraw(i) then b:deposit(1000) end
  end
  return a:get() + b:get()
end
