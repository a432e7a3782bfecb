"""One reader and one writer for each value that messages share: here, and nowhere else.

Servers read requests with them and clients read answers; a refusal names the
field within the message that was read. Values themselves know no messages.
The plain ones are told by this package's own name; those of a subject by its module's.
"""

from renkei.wire.acquisitions import *
from renkei.wire.codes import *
from renkei.wire.persons import *
from renkei.wire.sub_copies import *
from renkei.wire.times import *
