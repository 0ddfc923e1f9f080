Feature: Emit Task
  Events that workflows make.

  Scenario: What the definition leaves out is filled in
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: what-the-definition-leaves-out-is-filled-in
      version: '1.0.0'
    do:
      - say:
          emit:
            event:
              with: { source: 'https://example.com', type: com.example.said }
    """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have properties 'id', 'specversion', 'time', 'source', 'type'

  Scenario: Expressions anywhere in the event
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: expressions-anywhere-in-the-event
      version: '1.0.0'
    do:
      - say:
          emit:
            event:
              with:
                source: ${ "https://example.com/" + .who }
                type: com.example.said
                subject: ${ .who }
                data: { list: [ '${ .who }', fixed ] }
          output: { as: '{ source, subject, data }' }
    """
    And given the workflow input is:
    """yaml
    who: jo
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    source: https://example.com/jo
    subject: jo
    data: { list: [ jo, fixed ] }
    """
