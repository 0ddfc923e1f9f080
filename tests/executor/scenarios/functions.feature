Feature: Functions
  What use.functions names, calls call.

  Scenario: A function with arguments
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-function-with-arguments
      version: '1.0.0'
    use:
      functions:
        greet:
          set: { text: '${ "hello \(.name)" }' }
    do:
      - a:
          call: greet
          with: { name: '${ .who }' }
    """
    And given the workflow input is:
    """yaml
    who: jo
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    text: hello jo
    """

  Scenario: A function that checks its input
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-function-that-checks-its-input
      version: '1.0.0'
    use:
      functions:
        half:
          input:
            schema: { document: { type: object, properties: { n: { type: number } } } }
          set: { n: '${ .n / 2 }' }
    do:
      - t:
          try:
            - a:
                call: half
                with: { n: text }
          catch:
            do:
              - tell:
                  set: { status: '${ $error.status }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    status: 400
    """

  Scenario: Functions that call each other
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: functions-that-call-each-other
      version: '1.0.0'
    use:
      functions:
        double:
          set: { n: '${ .n * 2 }' }
        four:
          do:
            - once:
                call: double
                with: { n: '${ .n }' }
            - twice:
                call: double
                with: { n: '${ .n }' }
    do:
      - a:
          call: four
          with: { n: 5 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 20
    """
