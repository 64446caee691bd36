"""An edXML status file, as an agency's system writes it about a document that came to it."""

import re
import xml.etree.ElementTree as xml
from xml.sax.saxutils import escape

NAMESPACE = "{http://www.mic.gov.vn/TBT/QCVN_102_2016}"
ENTRY = re.compile(r'- party: (\S+)\n +name: (.+)\n +ids: \["([^"]+)"')

TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
  <edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
    <edXML:edXMLHeader>
      <edXML:MessageHeader>
        <edXML:From>
          <edXML:OrganId>{code}</edXML:OrganId>
          <edXML:OrganName>{name}</edXML:OrganName>
        </edXML:From>
        <edXML:ResponseFor>
          <edXML:OrganId>{sender}</edXML:OrganId>
          <edXML:DocumentId>{document_id}</edXML:DocumentId>
        </edXML:ResponseFor>
        <edXML:StatusCode>{status}</edXML:StatusCode>
        <edXML:Description>{description}</edXML:Description>
      </edXML:MessageHeader>
    </edXML:edXMLHeader>
  </edXML:edXMLEnvelope>
</edXML>
"""


class StatusWriter:
    def __init__(self, organisations):
        """`organisations`: the file with the codes."""
        self._organisations = {party: (code, name) for party, name, code in ENTRY.findall(organisations.read_text())}

    def write(self, reporter, status, description, document):
        """`document`: the edXML file that it is about."""
        header = xml.fromstring(document).find(f".//{NAMESPACE}MessageHeader")
        code, name = self._organisations[reporter]
        return TEMPLATE.format(
            code=code,
            name=escape(name),
            sender=header.findtext(f"{NAMESPACE}From/{NAMESPACE}OrganId"),
            document_id=escape(header.findtext(f"{NAMESPACE}DocumentId")),
            status=status,
            description=escape(description),
        )
