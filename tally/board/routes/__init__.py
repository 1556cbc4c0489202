"""One router per noun. A route reads its input, calls one function and returns."""
