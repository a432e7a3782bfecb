"""Tokens: tamper-resistant devices (耐タンパー装置) that hold a seat's keys and use them (NET-11).

`token` is the device as a seat needs it: it wraps keys, as every key store does, and holds keys that
sign. `session` is how it is reached, `module` the library of its maker, by PKCS#11. A key that was
made in a token never leaves it. Fidelity: that the municipal CS has such a device is documented;
that it speaks PKCS#11, and everything below that, is inferred or invented.
"""
