-- Goes on where another script answered that there is more to do. Returns whether there is still more (0 or 1)
return not value and advance() == 'more' and 1 or 0
