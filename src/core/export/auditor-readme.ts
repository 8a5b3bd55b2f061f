/** The description of an auditor's archive, as it stands in every archive; its format is `assent.audit-export/v1`. */

/** `README.txt`. */
export const auditorReadme = `An archive for an auditor (assent.audit-export/v1)
==================================================

Open index.html to read it. Run verify.py to check it without any program of
the registry's: it needs Python 3 and openssl, and nothing of the network.

  python3 verify.py --witness witness.txt

where witness.txt holds the witness's public key (ssh-ed25519 <base64>), which
you have got from somebody else than whoever gave you this archive. Without
--witness the keys of the archive itself are believed.

What is in it
-------------
SHA256SUMS               sha256 of every other file; sha256sum -c SHA256SUMS
manifest.json            registry, branch, period, sample, and what was proven
index.html               the same for people
report.json              what assent audit verify said (assent.audit/v1)
decisions.jsonl          one decided transition a line, of the period asked for
sample.json              the drawn decisions and how to draw them again
events.jsonl             everything that happened (assent.event/v1)
evidence/<n>.dsse.json   the record of landing n: a DSSE envelope around an
                         in-toto Statement v1, exactly as on registry-evidence
landings/<n>.commit      the commit object of landing n, without git's header
checkpoint.dsse.json     how the history stood at its end, signed by the witness,
                         where the archive was made with the witness's key
keys/witness.txt         witnesses that the registry ever named
keys/people.json         keys of people, and since when they are revoked
policies/<revision>/     the rules that were in force: every file that a
                         policy revision is made of
access.json              who could have agreed to what, under which rules
duties.json              who made and who agreed to what; "both" must be empty

What verify.py checks
---------------------
1. Every file is the one that SHA256SUMS lists, and there is no other.
2. Each record is signed by a witness: Ed25519 over DSSE's PAE,
   "DSSEv1" SP len(type) SP type SP len(payload) SP payload.
3. Each record holds the sha256 of the file of the record before it.
4. The landing's commit object has the id that the record names, and its first
   parent is the landing before.
5. D, the transition digest, follows from the paths in the record: sha256 of
   "assent-transition/v1" NUL registry NUL ref NUL, then for each path in byte
   order: modeFrom SP modeTo SP sha256(from) SP sha256(to) SP path NUL.
6. Each signed approval that counted is an SSH signature over D and a line feed
   in the namespace assent-approval@v1, by the key that the record names.

7. The checkpoint, where there is one, is signed by a witness and about the
   record that it names.

What it does not check is whether the rules were applied rightly: that needs
the registry itself, and a program that knows the rules (assent audit verify).

The sample
----------
Each decision has the key sha256("assent-sample/v1" NUL seed NUL commit NUL
subject); those with the lowest keys are drawn.
`;
