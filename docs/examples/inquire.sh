#!/usr/bin/env bash
# One inquiry (情報照会・情報提供) by buf alone: the pension agency asks Nakano ward for household information.
# Usage: inquire.sh DATA, with renkei and buf on the path, while the world in DATA runs.
set -euo pipefail
DATA=$1
WARD=131148
LISTENERS=$(renkei status --json --data "$DATA")

# CALL FOLDER SEAT NETWORK METHOD JSON: as whom, to whom, and what
call() {
  buf curl --protocol grpc --cert "$DATA/$1/chain.pem" --key "$DATA/$1/key.pem" \
    --cacert "$DATA/$1/roots.pem" --servername "$2.$3.renkei.test" \
    -d "$5" "https://$(address "$2" "$3")/$4"
}
address() {
  python3 -c 'import json, sys
print(next(one["address"] for one in json.loads(sys.argv[1])["listeners"]
           if [one["seat"], one["network"]] == sys.argv[2:]))' "$LISTENERS" "$1" "$2"
}
said() { # JSON KEY: the text under a key of an answer
  sed -n "s/.*\"$2\": *\"\\([^\"]*\\)\".*/\\1/p" <<< "$1"
}
new_id() { python3 -c 'import uuid; print(uuid.uuid4())'; }
until_says() { # WORD COMMAND...: repeat a call until its answer has the word
  local word=$1 answer
  shift
  for _ in $(seq 100); do
    answer=$("$@")
    grep -q "$word" <<< "$answer" && { echo "$answer"; return; }
    sleep 0.2
  done
  echo "no $word came: $answer" >&2
  return 1
}

IFS=, read -r _ LOCAL NUMBER _ < <(grep -m 1 "^$WARD.*,resident" "$DATA/people.csv")

# 1. The ward acquires a code of the person (F1).
REGISTER=resident-record.$WARD
TERMINAL=callers/ward-terminal.$WARD
AT_WARD="\"sender\": \"$WARD\", \"local_address_number\": {\"digits\": \"$LOCAL\"}"
SESSION="\"operator_session\": $(cat "$DATA/$TERMINAL/operator-session.json")"
RECORDS=renkei.ward.v1.ResidentRecordService
call $TERMINAL $REGISTER ward-$WARD $RECORDS/RequestCodeAcquisition \
  "{$AT_WARD, $SESSION, \"request_id\": \"$(new_id)\"}" > /dev/null
until_says STATE_BOUND call $TERMINAL $REGISTER ward-$WARD $RECORDS/GetCodeAcquisition \
  "{$AT_WARD, $SESSION}" > /dev/null
echo "the ward has a code"

# 2. So does the agency, under a number of its own.
AGENCY=agency-linkage.nenkin
STAFF=callers/middle-terminal.nenkin
NUMBERING=renkei.linkage.v1.NumberingService
NUMBERED=$(call $STAFF $AGENCY linkage $NUMBERING/NumberPerson \
  "{\"sender\": \"nenkin\", \"request_id\": \"$(new_id)\", \"individual_number\": {\"digits\": \"$NUMBER\"}}")
WHOM="\"integrated_address_number\": {\"digits\": \"$(said "$NUMBERED" digits)\"}"
until_says STATE_BOUND call $STAFF $AGENCY linkage $NUMBERING/GetNumberingOutcome \
  "{\"sender\": \"nenkin\", $WHOM}" > /dev/null
echo "the agency has a code"

# 3. The ward's register hands a sub-copy (副本) to its linkage platform, which registers it.
call seats/$REGISTER/certificates/ward-$WARD linkage-platform.$WARD ward-$WARD \
  renkei.ward.v1.SubCopyService/RegisterSubCopy "{$AT_WARD, \"request_id\": \"$(new_id)\", \"sub_copy\": {
    \"information_code\": \"TM90000000000001\", \"layout_version\": 1,
    \"publication_start\": {\"year\": 2026, \"month\": 4, \"day\": 1},
    \"items\": [{\"code\": \"DI90000000000101\", \"text\": \"1\"},
      {\"code\": \"DI90000000000102\", \"null_reason\": \"NULL_REASON_NOT_COVERED\"},
      {\"code\": \"DI90000000000103\", \"null_reason\": \"NULL_REASON_NOT_COVERED\"}]}}" > /dev/null
echo "the ward has a sub-copy ready"

# 4. The agency's staff ask for it, on behalf of the minister (F2).
INQUIRIES=renkei.linkage.v1.InquiryService
ASKING="\"sender\": \"nenkin\", \"operator_session\": $(cat "$DATA/$STAFF/operator-session.json")"
STARTED=$(call $STAFF $AGENCY linkage $INQUIRIES/StartInquiry \
  "{$ASKING, \"request_id\": \"$(new_id)\", $WHOM, \"terms\": {
    \"inquirer\": \"nenkin\", \"inquirer_delegator\": \"mhlw\", \"provider\": \"$WARD\",
    \"affair_code\": \"JM90000000073000\", \"procedure_code\": \"JT90000000073001\",
    \"information_code\": \"TM90000000000001\", \"condition_class\": \"0\", \"fiscal_year_class\": \"0\",
    \"from_date\": {\"year\": 2026, \"month\": 4, \"day\": 1}}}")
until_says outcome call $STAFF $AGENCY linkage $INQUIRIES/GetInquiry \
  "{$ASKING, \"inquiry_id\": \"$(said "$STARTED" inquiryId)\"}"
