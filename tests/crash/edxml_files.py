"""edXML files as agencies' systems write and read them: documents, statuses, and what a delivery brings."""

import base64
import io
import json
import xml.etree.ElementTree as xml
import zipfile
from xml.sax.saxutils import escape

import support  # noqa: F401  (adds the folder of the next)
from edxml_status import ENTRY

DATE = "2024/03/12"
HUB_DATA = "hub-data.json"

HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
<edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
<edXML:edXMLHeader>
<edXML:MessageHeader>
"""
STATUS_END = "</edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>\n"


def element(name, *content):
    return f"<edXML:{name}>{''.join(content)}</edXML:{name}>"


def text(name, value):
    return element(name, escape(str(value)))


class EdxmlFiles:
    def __init__(self, organisations):
        """`organisations`: the file with the codes."""
        self._organisations = {party: (code, name) for party, name, code in ENTRY.findall(organisations.read_text())}

    def _organisation(self, element_name, party):
        code, name = self._organisations[party]
        return element(element_name, text("OrganId", code), text("OrganName", name))

    def document(self, sender, recipients, number, subject, attachments):
        """`attachments`: name to bytes; hub-data.json among them says the type."""
        code, _ = self._organisations[sender]
        header = [
            self._organisation("From", sender),
            *(self._organisation("To", party) for party in recipients),
            element("Code", text("CodeNumber", number), text("CodeNotation", "CV-KT")),
            element("PromulgationInfo", text("PromulgationDate", DATE)),
            text("Subject", subject),
            text("DocumentId", f"{code},{DATE},{number}/CV-KT"),
        ]
        references, contents = [], []
        for index, (name, content) in enumerate(attachments.items()):
            about = f"<ContentType>application/octet-stream</ContentType><ContentId>cid:{index}</ContentId>"
            encoded = base64.b64encode(content).decode()
            named = f"<AttachmentName>{escape(name)}</AttachmentName>"
            contents.append(f"<Attachment>{about}<ContentTransferEncoded>{encoded}</ContentTransferEncoded>{named}</Attachment>\n")
            kind = text("ContentType", "application/octet-stream")
            references.append(element("Reference", text("ContentId", f"cid:{index}"), kind, text("AttachmentName", name)))
        body = f'<edXML:edXMLBody><edXML:edXMLManifest version="1.0">{"".join(references)}</edXML:edXMLManifest></edXML:edXMLBody>'
        return (
            f"{HEADER}{''.join(header)}</edXML:MessageHeader></edXML:edXMLHeader>\n{body}</edXML:edXMLEnvelope>\n"
            f"<AttachmentEncoded>{''.join(contents)}</AttachmentEncoded></edXML>\n"
        )

    def status(self, reporter, code, description, sender, document_id):
        """What `reporter` says of a document from `sender`."""
        organ, _ = self._organisations[sender]
        return "".join(
            [
                HEADER,
                self._organisation("From", reporter),
                element("ResponseFor", text("OrganId", organ), text("DocumentId", document_id)),
                text("StatusCode", code),
                text("Description", description),
                STATUS_END,
            ]
        )


def read_delivery(path):
    """The hub's document in a delivery that came as edXML, and its attachments, name to bytes."""
    attachments = {}
    for attachment in xml.parse(path).getroot().iter():
        if attachment.tag.rpartition("}")[2] != "Attachment":
            continue
        parts = {child.tag.rpartition("}")[2]: child.text or "" for child in attachment}
        content = base64.b64decode(parts["ContentTransferEncoded"])
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            (entry,) = packed.namelist()
            attachments[parts["AttachmentName"]] = packed.read(entry)
    return json.loads(attachments.pop(HUB_DATA)), attachments
