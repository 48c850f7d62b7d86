-- What a route does with a request: look at two things and decide.
return function(request)
  if request:command() == 7 and request:keylength() > 3 then
    return request
  end
  return nil
end
